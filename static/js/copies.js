// Encrypted copies of notes that could not be saved, in this browser's localStorage.
//
// Only ciphertext is stored here. The key is random, made anew for each sign-in, and lies in the session's row on the
// server, which hands it to the pages of that session and to nobody else; a page holds it in memory, as a CryptoKey
// that scripts cannot read. When the session ends, by signing out here, by its time limit or from another device, the
// key is gone or is never handed out again: what is left on this computer cannot be read, even if nothing here had the
// chance to remove it. Pages are not cached (no-store), so the key does not reach the disk with them.
// Each copy is bound to its note (additional data), and each page has a copy of its own: two tabs never overwrite
// each other's text.
const PREFIX = "note-copy:";
const NONCE = 12; // bytes

const toBytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const toText = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
const namesOf = (start) => Object.keys(localStorage).filter((name) => name.startsWith(start));

export function forgetCopies() {
  for (const name of namesOf(PREFIX)) localStorage.removeItem(name);
}

async function seal(key, note, copy) {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE));
  const plain = new TextEncoder().encode(JSON.stringify(copy));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: new TextEncoder().encode(note) }, key, plain);
  return toText([...iv, ...new Uint8Array(sealed)]);
}

async function unseal(key, note, stored) {
  const bytes = toBytes(stored);
  const how = { name: "AES-GCM", iv: bytes.subarray(0, NONCE), additionalData: new TextEncoder().encode(note) };
  return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(how, key, bytes.subarray(NONCE))));
}

// The copies of one note; null where the browser has no cryptography (an address without HTTPS).
export function openCopies(note, rawKey) {
  if (!rawKey || !globalThis.crypto?.subtle) return null;
  const key = crypto.subtle.importKey("raw", toBytes(rawKey), "AES-GCM", false, ["encrypt", "decrypt"]);
  const own = `${PREFIX}${note}:${crypto.randomUUID()}`;
  let turn = 0;

  // False if there was no room for it.
  async function keep(copy) {
    const mine = ++turn;
    const sealed = await seal(await key, note, copy);
    if (mine !== turn) return true; // a later text is being kept, or this one was saved
    try {
      localStorage.setItem(own, sealed);
    } catch {
      return false;
    }
    return true;
  }

  function drop(name = own) {
    if (name === own) turn += 1;
    localStorage.removeItem(name);
  }

  // What earlier pages have left, oldest first. What this session's key does not open is of an ended one.
  async function earlier() {
    const found = [];
    for (const name of namesOf(`${PREFIX}${note}:`)) {
      if (name === own) continue;
      try {
        found.push({ name, ...(await unseal(await key, note, localStorage.getItem(name))) });
      } catch {
        localStorage.removeItem(name);
      }
    }
    return found.sort((one, other) => one.at - other.at);
  }

  return { keep, drop, earlier };
}
