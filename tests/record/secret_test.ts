/**
 * Which values are secrets.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import {
  isSecretColumn,
  isSecretName,
  SecretCells,
} from "../../lib/record/secret.ts";

Deno.test("names that say that they hold a secret are told apart", () => {
  const secret = [
    ..."password passwd user_password PassPhrase secret client_secret".split(
      " ",
    ),
    ..."token accessToken refresh_tokens apiKey api_key API-KEY".split(" "),
    ..."private_key licenseKey otp credentials session_cookie".split(" "),
  ];
  const open = [
    ..."name email company key keynote signal_key compass pinned".split(" "),
    ..."passenger tokenizer spine secretary authors notes".split(" "),
  ];
  assertEquals(secret.filter((name) => !isSecretName(name)), []);
  assertEquals(open.filter(isSecretName), []);
});

Deno.test("a column named key is a secret unless its table holds settings", () => {
  assertEquals(isSecretColumn("vault", "Key"), true);
  assertEquals(isSecretColumn("soy_meta", "key"), false);
});

Deno.test("a setting's value is a secret if its key says so", () => {
  const cells = new SecretCells("soy_meta", ["key", "value", "updated_at"]);
  const rowOf = (key: string) => (i: number) => [key, "v", ""][i]!;
  assertEquals(cells.has(1, rowOf("slack_token")), true);
  assertEquals(cells.has(1, rowOf("theme")), false);
  assertEquals(cells.has(0, rowOf("slack_token")), false);
});
