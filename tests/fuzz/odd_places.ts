/**
 * Folders of an installation that are not what they should be.
 *
 * @module
 */
import { join } from "@std/path";
import type { Installation } from "../../lib/store/installation.ts";
import { putSource } from "./odd_databases.ts";

/** Replaces a folder by whatever `make` puts there. */
function instead(path: string, make: (path: string) => void): void {
  Deno.removeSync(path, { recursive: true });
  make(path);
}

const asFile = (path: string) => Deno.writeTextFileSync(path, "words");
const asLoop = (path: string) => Deno.symlinkSync(path, path);
const asDangling = (path: string) => Deno.symlinkSync("nowhere", path);
const asMissing = () => {};

function withDatabase({ database }: Installation): void {
  putSource(database);
}

/** The places by what is odd about them. */
export const ODD_PLACES: Record<string, (place: Installation) => void> = {
  "output is a file": (place) => {
    withDatabase(place);
    instead(place.backups, asFile);
  },
  "output is a link to itself": (place) => {
    withDatabase(place);
    instead(place.backups, asLoop);
  },
  "output is a link to nothing": (place) => {
    withDatabase(place);
    instead(place.backups, asDangling);
  },
  "output is missing": (place) => {
    withDatabase(place);
    instead(place.backups, asMissing);
  },
  "data is a file": (place) => instead(place.data, asFile),
  "data is a link to itself": (place) => instead(place.data, asLoop),
  "data is a link to nothing": (place) => instead(place.data, asDangling),
  "data is missing": (place) => instead(place.data, asMissing),
  "backups are folders": (place) => {
    withDatabase(place);
    Deno.mkdirSync(join(place.backups, "backup-2026-02-19.json"));
    Deno.mkdirSync(join(place.backups, "before-import-2026-02-19-120000.db"));
  },
  "backups are links to themselves": (place) => {
    withDatabase(place);
    asLoop(join(place.backups, "backup-2026-02-19.json"));
    asLoop(join(place.backups, "before-import-2026-02-19-120000.db"));
  },
  "a snapshot is no database": (place) => {
    withDatabase(place);
    asFile(join(place.backups, "before-import-2026-02-19-120000.db"));
  },
  "a leftover is a link to nothing": (place) => {
    withDatabase(place);
    asDangling(join(place.backups, ".backup-holder.tmp"));
    asDangling(join(place.backups, ".backup-00000000.tmp"));
  },
};
