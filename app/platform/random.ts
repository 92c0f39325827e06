import { randomBytes } from "node:crypto";
import { type Random } from "../ports/clock.ts";

const ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";
const ID_LENGTH = 16;

/** @returns chance from the system's generator: ids of 16 characters (82 bits), fractions of 48 bits. */
export function createRandom(): Random {
  return {
    fraction: () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48,
    id: () => {
      let id = "";
      while (id.length < ID_LENGTH) {
        for (const byte of randomBytes(ID_LENGTH)) {
          // 252 = 7 * 36: bytes above it would favour the first letters.
          if (byte < 252 && id.length < ID_LENGTH) id += ALPHABET.charAt(byte % ALPHABET.length);
        }
      }
      return id;
    },
  };
}
