/**
 * The hook's entry among the hooks of the plugin.
 *
 * @module
 */
import { assertEquals, assertThrows } from "@std/assert";
import { BackupError } from "../../lib/errors.ts";
import { withHook, withoutHook } from "../../lib/install/hooks.ts";
import { APP_HOOKS } from "../support/plugin.ts";

const command = 'sh "${CLAUDE_PLUGIN_ROOT}/soy-backup.sh" hook';

// deno-lint-ignore no-explicit-any -- a file of any form
function starts(text: string): any[] {
  return JSON.parse(text).hooks.SessionStart;
}

Deno.test("the entry is added behind the application's own, and taken out to the byte", () => {
  const text = withHook(APP_HOOKS);
  assertEquals(starts(text)[0], starts(APP_HOOKS)[0]);
  assertEquals(starts(text)[1], {
    hooks: [{ type: "command", command, timeout: 10 }],
  });
  assertEquals(withHook(text), text);
  assertEquals(withoutHook(text), APP_HOOKS);
  assertEquals(withoutHook(APP_HOOKS), APP_HOOKS);
});

Deno.test("without a file one is made, and removed again", () => {
  const text = withHook(undefined);
  assertEquals(starts(text).length, 1);
  assertEquals(withoutHook(text), undefined);
});

Deno.test("other hooks, unknown members, numbers and the layout stay as they are", () => {
  const text = `{
\t"$schema": "x",
\t"__proto__": {
\t\t"odd": 12345678901234567890.50
\t},
\t"hooks": {
\t\t"Stop": [
\t\t\t"whatever"
\t\t],
\t\t"SessionStart": []
\t},
\t"last": [
\t\t1e400
\t]
}
`;
  const added = withHook(text);
  assertEquals(
    withoutHook(added),
    text.replace(/,\s+"SessionStart": \[\]/, ""),
  );
  assertEquals(added.includes('\n\t\t"SessionStart": [\n\t\t\t{'), true);
  const windows = withHook('{\r\n    "hooks": {}\r\n}\r\n');
  assertEquals(/[^\r]\n/.test(windows), false);
  assertEquals(windows.startsWith('{\r\n    "hooks": {\r\n'), true);
});

Deno.test("an entry of another version, and one too many, are put right; a timeout stays", () => {
  const old = { type: "command", command: "sh /x/soy-backup.sh hook" };
  const other = { type: "command", command: "echo hi" };
  const text = JSON.stringify({
    hooks: {
      SessionStart: [
        { matcher: "startup", hooks: [other, { ...old, timeout: 30 }] },
        { hooks: [old] },
      ],
    },
  });
  assertEquals(starts(withHook(text)), [
    { matcher: "startup", hooks: [other] },
    { hooks: [{ type: "command", command, timeout: 30 }] },
  ]);
});

for (
  const [what, text] of Object.entries({
    "no JSON": '{"hooks": ',
    "JSON with a comment": '{"hooks": {} /* mine */}',
    "an empty file": "",
    "a list": "[]",
    "null": "null",
    "a number as hooks": '{"hooks": 5}',
    "a list as hooks": '{"hooks": []}',
    "an object as SessionStart": '{"hooks": {"SessionStart": {}}}',
    "a string among the groups": '{"hooks": {"SessionStart": ["a"]}}',
    "a group without hooks": '{"hooks": {"SessionStart": [{}]}}',
    "a string as a hook": '{"hooks": {"SessionStart": [{"hooks": ["a"]}]}}',
  })
) {
  Deno.test(`${what} is refused in one line`, () => {
    for (const step of [withHook, withoutHook]) {
      const error = assertThrows(() => step(text), BackupError);
      assertEquals(
        /^Cannot understand hooks\/hooks\.json: [^\n]+$/.test(error.message),
        true,
        error.message,
      );
    }
  });
}
