// Writes beside the bundle which sources it was made from, so that a test can tell when it is stale.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";

const hash = createHash("sha256");
const sources = ["package.json", "package-lock.json", ...readdirSync("src").sort().map((name) => `src/${name}`)];
for (const name of sources) hash.update(readFileSync(name));
writeFileSync("../src/coculture/web/static/bundle.sources", `${hash.digest("hex")}\n`);
