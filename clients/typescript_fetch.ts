// A client by OpenAPI Generator (typescript-fetch): signs in, uploads, polls, reads, plays, approves and signs out.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import {
  AuthApi,
  ChallengeFromJSON,
  Configuration,
  MeApi,
  ResponseError,
  SessionsApi,
  type SessionProgress,
} from "./generated/typescript-fetch/index.js";

const [base, email, password, code, patient, file] = process.argv.slice(2) as [string, string, string, string, string, string];
const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

// The generated method returns a token pair; where a second factor is needed, the response is another one (202).
const open = new AuthApi(new Configuration({ basePath: base }));
const asked = await open.authLoginCreateRaw({ signInRequest: { email, password } });
assert.equal(asked.raw.status, 202);
const { challenge } = ChallengeFromJSON(await asked.raw.json());
const pair = await open.authMfaCreate({ answerRequest: { challenge, code, deviceName: "typescript-fetch" } });

const signedIn = new Configuration({ basePath: base, accessToken: pair.accessToken });
const [auth, me, sessions] = [new AuthApi(signedIn), new MeApi(signedIn), new SessionsApi(signedIn)];

const recording = new File([await readFile(file)], "talk.flac", { type: "audio/flac" });
const { id } = await sessions.sessionsUploadCreate({
  patient,
  sessionDate: new Date("2026-01-06T10:00:00Z"),
  file: recording,
  idempotencyKey: crypto.randomUUID(),
});

let progress: SessionProgress;
for (;;) {
  const answer = await sessions.sessionsProgressRetrieveRaw({ id });
  progress = await answer.value();
  if (!progress.isRunning) break;
  await pause(Number(answer.raw.headers.get("Retry-After") ?? 1));
}
assert.equal(progress.status, "processed", progress.errorDetail);

const notes = await sessions.sessionsNotesRetrieve({ id });
const topics: string[] = notes.notes.keyTopics.map((one) => one.topic);
assert(topics.length > 0 && notes.patientSummary !== null);

const sound: Blob = await sessions.sessionsRecordingRetrieve({ id, range: "bytes=0-99" });
assert.equal(sound.size, 100);
const link = await sessions.sessionsRecordingLink({ id });
assert.equal((await fetch(link.url)).status, 200);

const summary = await sessions.sessionsApproveSummaryCreate({
  id,
  approveSummaryRequest: { version: notes.patientSummary.version, text: "You spoke about your week." },
});
assert.equal(summary.status, "shared");

await auth.authLogoutCreate();
await assert.rejects(me.meRetrieve(), (error) => error instanceof ResponseError && error.response.status === 401);
console.log(`${topics.length} topics`);
