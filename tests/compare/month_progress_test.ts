/**
 * How far the proof of a packed month is, whatever the path that names it.
 *
 * @module
 */
import {
  Encrypter,
  generateX25519Identity,
  identityToRecipient,
} from "age-encryption";
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { verifyMonth } from "../../lib/compare/verify_all.ts";
import type { Progress } from "../../lib/session.ts";
import type { Installation } from "../../lib/store/installation.ts";
import { atDays, tidied } from "../pack/days.ts";
import { session } from "../support/scratch.ts";

/** The totals that are told while a month is verified with a key. */
async function totals(
  installation: Installation,
  path: string,
  identity: string,
): Promise<Set<number>> {
  const found = new Set<number>();
  const checkpoint = (progress?: Progress) => {
    if (progress) found.add(progress.total);
    return Promise.resolve();
  };
  const keys = {
    identities: () => Promise.resolve([identity]),
    passphrase: () => Promise.resolve(undefined),
  };
  const days = await verifyMonth(installation, path, {
    ...session(),
    checkpoint,
    keys,
  });
  assertEquals(days.map(({ problem }) => problem), Array(5).fill(undefined));
  return found;
}

Deno.test("the proof of a month knows how much there is to do", async () => {
  await atDays(12, async (installation, files) => {
    await tidied(installation);
    const { backups } = installation;
    const packed = [...files.values()].slice(0, 5)
      .reduce((sum, { length }) => sum + length, 0);
    const identity = await generateX25519Identity();
    const name = "backups-2026-02.tar.zst";
    const encrypter = new Encrypter();
    encrypter.addRecipient(await identityToRecipient(identity));
    const bytes = Deno.readFileSync(join(backups, name));
    const locked = join(backups, `${name}.age`);
    Deno.writeFileSync(locked, await encrypter.encrypt(bytes));
    for (const path of [join(backups, name), `${backups}/./${name}`, locked]) {
      const told = await totals(installation, path, identity);
      assert(told.has(packed), `${path}: ${[...told]}, not ${packed}`);
    }
  });
});
