// A client by openapi-typescript and openapi-fetch: signs in, uploads, polls, reads, plays, approves and signs out.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import createClient from "openapi-fetch";
import type { components, paths } from "./generated/types";

const [base, email, password, code, patient, file] = process.argv.slice(2) as [string, string, string, string, string, string];
const client = createClient<paths>({ baseUrl: base });
const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

function needed<T>(answer: { data?: T; error?: unknown; response: Response }): T {
  if (answer.data === undefined) throw new Error(`${answer.response.url}: ${JSON.stringify(answer.error)}`);
  return answer.data;
}

const asked = needed(await client.POST("/api/v1/auth/login", { body: { email, password } }));
assert("challenge" in asked, "a second factor is asked for");
const pair = needed(
  await client.POST("/api/v1/auth/mfa", { body: { challenge: asked.challenge, code, device_name: "openapi-fetch" } }),
);
client.use({
  onRequest({ request }) {
    request.headers.set("Authorization", `bearer ${pair.access_token}`);
  },
});

const recording = new Blob([await readFile(file)], { type: "audio/flac" });
const uploaded = await client.POST("/api/v1/sessions/upload", {
  params: { header: { "Idempotency-Key": crypto.randomUUID() } },
  body: { patient, session_date: "2026-01-05T10:00:00Z", file: recording as unknown as string },
  bodySerializer(body) {
    const form = new FormData();
    form.set("patient", body.patient);
    form.set("session_date", body.session_date);
    form.set("file", recording, "talk.flac");
    return form;
  },
});
const session = needed(uploaded);
assert.equal(uploaded.response.headers.get("Location"), `/api/v1/sessions/${session.id}`);
const at = { params: { path: { id: session.id } } };

let progress: components["schemas"]["SessionProgress"];
for (;;) {
  const answer = await client.GET("/api/v1/sessions/{id}/progress", at);
  progress = needed(answer);
  if (!progress.is_running) break;
  await pause(Number(answer.response.headers.get("Retry-After") ?? 1));
}
assert.equal(progress.status, "processed", progress.error_detail);

const notes = needed(await client.GET("/api/v1/sessions/{id}/notes", at));
const topics: string[] = notes.notes.key_topics.map((one) => one.topic);
assert(topics.length > 0 && notes.patient_summary !== null);

const played = await client.GET("/api/v1/sessions/{id}/recording", {
  params: { path: { id: session.id }, header: { Range: "bytes=0-99" } },
  headers: { Accept: "audio/*" },
  parseAs: "arrayBuffer",
});
assert.equal(played.response.status, 206);
assert.equal(needed(played as { data?: ArrayBuffer; response: Response }).byteLength, 100);
const link = needed(await client.POST("/api/v1/sessions/{id}/recording/link", at));
assert.equal((await fetch(link.url)).status, 200);

const summary = needed(
  await client.POST("/api/v1/sessions/{id}/approve-summary", {
    ...at,
    body: { version: notes.patient_summary.version, text: "You spoke about your week." },
  }),
);
assert.equal(summary.status, "shared");

assert.equal((await client.POST("/api/v1/auth/logout")).response.status, 204);
assert.equal((await client.GET("/api/v1/me")).response.status, 401);
assert.equal((await fetch(link.url)).status, 404);
console.log(`${topics.length} topics`);
