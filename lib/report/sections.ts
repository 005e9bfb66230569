/**
 * The sections with what to do: room to save, and how to get something back.
 *
 * @module
 */
import { counted, fileSize, grouped } from "../text.ts";
import type { ReportFacts } from "./facts.ts";
import { type Html, markup } from "./markup.ts";
import type { Room } from "./room.ts";
import { foldedTable } from "./tables.ts";

/** What the backups take, and would take. */
export function roomSection({ room }: ReportFacts): Html {
  return markup`<section aria-labelledby="room">
<h2 id="room">Room</h2>
${
    room.packable === 0
      ? markup`<p>All backups take ${fileSize(room.bytes)}. There is nothing to
pack: the last seven days with backups stay as they are.</p>`
      : saving(room)
  }
${room.packs.length > 0 ? packTable(room) : undefined}
</section>`;
}

function saving({ bytes, packable, packableBytes, packedBytes }: Room): Html {
  const saved = packableBytes - packedBytes;
  const after = bytes - saved;
  const part = Math.round(100 * after / bytes);
  return markup`<p><code>/backup tidy</code> would pack ${
    counted(packable, "backup")
  }, each byte of ${packable === 1 ? "it" : "them"}, and save about ${
    fileSize(saved)
  }. That is an estimate by the sizes of the files.</p>
<div class="room"><span>Now</span><i style="width:100%"></i><span>${
    fileSize(bytes)
  }</span><span>Packed</span><i class="less" style="width:${part}%"></i><span>about ${
    fileSize(after)
  }</span></div>`;
}

function packTable({ packs }: Room): Html {
  return foldedTable({
    caption: "packed months",
    head: ["File", "Backups", "As plain files", "Packed"],
    rows: packs.map(({ name, days, plainBytes, bytes }) => [
      name,
      grouped(days),
      fileSize(plainBytes),
      fileSize(bytes),
    ]),
  });
}

/** How to get something back. */
export function backSection({ days, status }: ReportFacts): Html {
  const name = status.losses.length > 0 && status.reference
    ? status.reference
    : days.at(-1)!.backup.name;
  const way = (title: string, words: string, commands: string[]) =>
    markup`<li><h3>${title}</h3><p>${words}</p>${
      commands.map((command) => markup`<code>${command}</code>`)
    }</li>`;
  return markup`
    <section aria-labelledby="back">
      <h2 id="back">To get something back</h2>
      <p>In Claude Code; in a terminal in the plugin's folder, write <code>deno task
    backup</code> instead of <code>/backup</code>.</p>
      <ul class="ways">${
    way(
      "Everything",
      "See first what would come back, then bring it back. Rows that the " +
        "backup doesn't have stay.",
      [`/backup import ${name} --dry-run`, `/backup import ${name}`],
    )
  }${
    way(
      "No, as it was before",
      "Takes the last import back.",
      ["/backup undo --dry-run", "/backup undo"],
    )
  }${
    way(
      "Only one record",
      "Find out which backup had it last; the answer says how to bring it back.",
      [
        "/backup find 'Sarah Chen'",
        `/backup import ${name} --only 'contacts:Sarah Chen'`,
      ],
    )
  }</ul>
    </section>
  `;
}
