/**
 * Which names in the second place are those of backups, and which are told as odd.
 *
 * @module
 */
import { assert } from "@std/assert";
import { isCopyName, isOddName } from "../../lib/second/place.ts";

const odd = [
  // Dropbox, Nextcloud, Syncthing, OneDrive, Google Drive, Finder and Explorer
  "backup-2026-02-19 (Ada's conflicted copy 2026-02-20).json",
  "backup-2026-02-19 (conflicted copy 2026-02-20 101500).json.age",
  "backup-2026-02-19.sync-conflict-20260220-101500-ABCDEFG.json",
  "backup-2026-02-19-LAPTOP.json",
  "backup-2026-02-19 (1).json",
  "backup-2026-02-19 2.json",
  "backup-2026-02-19 copy.json",
  "Copy of backup-2026-02-19.json",
  "Kopie von backups-2026-02.tar.zst",
  "backups-2026-02 (1).tar.zst",
  "Conflict - backups-2026-02.tar.zst.age",
  // half downloaded, or not at all
  "backup-2026-02-19.json.part",
  "backup-2026-02-19.json.crdownload",
  ".backup-2026-02-19.json.icloud",
  ".backup-2026-02-19.json.Xy12Ab",
  ".syncthing.backup-2026-02-19.json.tmp",
  "~syncthing~backup-2026-02-19.json.tmp",
  "backup-2026-02-19.json.!sync",
  "~backup-2026-02-19.json",
];

for (const name of odd) {
  Deno.test(`${name} is odd, and no backup`, () => {
    assert(isOddName(name));
    assert(!isCopyName(name));
  });
}

const taken = [
  "backup-2026-02-19.json",
  "backup-2026-02-19-101500.json",
  "backup-2026-02-19-101500-2.json.age",
  "backups-2026-02.tar.zst",
  "backups-2026-02.tar.zst.age",
];

for (const name of taken) {
  Deno.test(`${name} is a backup, and not odd`, () => {
    assert(isCopyName(name));
    assert(!isOddName(name));
  });
}

const others = [
  "holiday.jpg",
  "._backup-2026-02-19.json",
  ".backup-0123abcd-1.tmp",
  ".backup-holder.tmp",
  "about-these-backups.txt",
  "backup-report.html",
];

for (const name of others) {
  Deno.test(`${name} is neither a backup nor odd`, () => {
    assert(!isCopyName(name));
    assert(!isOddName(name));
  });
}
