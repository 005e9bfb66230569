/**
 * What the rooms of `lib` export for each other.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { PROJECT } from "../support/process.ts";

/** The modules below a folder. */
function modulesIn(folder: string): string[] {
  return Array.from(Deno.readDirSync(folder)).flatMap(({ name, isDirectory }) =>
    isDirectory
      ? modulesIn(`${folder}/${name}`)
      : name.endsWith(".ts")
      ? [`${folder}/${name}`]
      : []
  );
}

Deno.test("what lib exports has types that are stated and that can be named", async () => {
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--lint", ...modulesIn(`${PROJECT}/lib`)],
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder().decode(stdout) +
    new TextDecoder().decode(stderr);
  // Members of an interface need no comment if their names say it.
  const found = text.split(/^error\[/m).slice(1)
    .filter((fault) => !fault.startsWith("missing-jsdoc"));
  assertEquals(found, []);
});
