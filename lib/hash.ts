/**
 * Hashing, which takes longer to load than most commands do: whoever imports this
 * should need it.
 *
 * @module
 */
const { createHash } = await import("node:crypto");

export { createHash };
