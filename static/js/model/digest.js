/** Computes the digest of a log's living entities, by which a copy knows that it is right (contract, section 4). */

import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';

/** The digest of a log in which nothing lives. */
export const EMPTY = '0'.repeat(16);

/**
 * Computes what one living entity adds to the sum.
 * The hash is synchronous and from a library: `crypto.subtle` is missing on a plain-HTTP address in the office network.
 * @param {string} type @param {string} id @param {number} version
 * @returns {bigint}
 */
export function term(type, id, version) {
  const bytes = sha256(utf8ToBytes(`${type}:${id}:${version}`));
  return new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0);
}

/**
 * Tells whether a living entity is in the sum: of attachments those that are ready.
 * @param {string} type @param {Record<string, any>} entity
 * @returns {boolean}
 */
export function counts(type, entity) {
  return type !== 'attachment' || entity.status === 'ready';
}

/** Keeps the sum modulo 2^64 as entities come and go. */
export class Digest {
  #sum = 0n;

  /** @param {bigint} value */
  add(value) {
    this.#sum = BigInt.asUintN(64, this.#sum + value);
  }

  /** @param {bigint} value */
  drop(value) {
    this.#sum = BigInt.asUintN(64, this.#sum - value);
  }

  /** @returns {string} 16 hex digits */
  toString() {
    return this.#sum.toString(16).padStart(16, '0');
  }
}
