// Reads lines of hexadecimal digits, each the bytes of an event, and says of each in a line of its
// own whether the schema (the first argument) accepts it: 1 or 0.
import { readFileSync } from "node:fs";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const ajv = new Ajv2020.default({ strict: true, allowUnionTypes: true });
addFormats.default(ajv);
const validate = ajv.compile(JSON.parse(readFileSync(process.argv[2], "utf8")));
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function accepts(hex) {
  try {
    return validate(JSON.parse(utf8.decode(Buffer.from(hex, "hex"))));
  } catch {
    return false; // Not UTF-8, or not JSON.
  }
}

const lines = readFileSync(0, "latin1").split("\n").slice(0, -1);
process.stdout.write(lines.map((hex) => (accepts(hex) ? "1\n" : "0\n")).join(""));
