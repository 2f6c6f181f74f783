// Compiles everything the pages load into the folder named on the command line, each file with its hash in its name.
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? "dist");
const sheets = ["app", "desk", "map"];
const scripts = ["app", "sw"];
const offline = ["app", "offline_form", "offline_list", "kept_bar", "conditions", "checks", "files", "count"];
const onSite = ["app", "field_day", "field_form", "field_leaving", "menu", "files", "print", "shortcuts", "errors"];
const shipped = ["govuk-frontend", "leaflet", "@fontsource/public-sans"];
const targets = ["chrome109", "firefox115", "safari16"];

mkdirSync(out, { recursive: true });
const manifest = { ...(await styles()), ...(await modules()), ...images() };
writeFileSync(join(out, "manifest.json"), JSON.stringify(manifest, null, 1));
licences();

async function styles() {
  const names = {};
  for (const sheet of sheets) {
    const { css } = sass.compile(join(here, `styles/${sheet}.scss`), {
      loadPaths: [join(here, "node_modules"), join(here, "styles")],
      quietDeps: true,
    });
    const built = await esbuild.build({
      stdin: { contents: css, loader: "css", resolveDir: join(here, "styles"), sourcefile: `${sheet}.css` },
      bundle: true,
      minify: true,
      write: false,
      outdir: out,
      target: targets,
      assetNames: "[name]-[hash]",
      loader: { ".woff2": "file", ".png": "file", ".svg": "file" },
    });
    for (const file of built.outputFiles) {
      const isSheet = file.path.endsWith(".css");
      const name = isSheet ? hashed(`${sheet}.css`, file.contents) : basename(file.path);
      writeFileSync(join(out, name), file.contents);
      if (isSheet) names[`${sheet}.css`] = name;
      else names[name.replace(/-[A-Z0-9]{8}(\.\w+)$/, "$1")] = name;
    }
  }
  return names;
}

async function modules() {
  const names = {};
  const built = await esbuild.build({
    entryPoints: scripts.map((script) => join(here, `scripts/${script}.js`)),
    bundle: true,
    minify: true,
    splitting: true,
    format: "esm",
    metafile: true,
    outdir: out,
    target: targets,
    legalComments: "none",
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
  });
  for (const [path, { entryPoint }] of Object.entries(built.metafile.outputs)) {
    if (entryPoint) names[basename(entryPoint)] = basename(path);
  }
  keepOffline(built.metafile.outputs, offline, "offline.json");
  keepOffline(built.metafile.outputs, onSite, "field.json");
  return names;
}

// What a page needs when there is no network: these modules and whatever they import at once.
function keepOffline(outputs, entries, list) {
  const wanted = new Set();
  const want = (path) => {
    if (wanted.has(path)) return;
    wanted.add(path);
    for (const { path: next, kind } of outputs[path].imports) if (kind === "import-statement") want(next);
  };
  for (const [path, { entryPoint }] of Object.entries(outputs)) {
    if (entryPoint && entries.includes(basename(entryPoint, ".js"))) want(path);
  }
  writeFileSync(join(out, list), JSON.stringify([...wanted].map((path) => basename(path)).sort(), null, 1));
}

function images() {
  const names = {};
  for (const file of readdirSync(join(here, "images"))) {
    const contents = readFileSync(join(here, "images", file));
    names[file] = hashed(file, contents);
    writeFileSync(join(out, names[file]), contents);
  }
  return names;
}

function hashed(file, contents) {
  const [stem, ending] = file.split(/\.(?=[^.]+$)/);
  return `${stem}-${createHash("sha256").update(contents).digest("hex").slice(0, 10)}.${ending}`;
}

function licences() {
  mkdirSync(join(out, "licences"), { recursive: true });
  for (const name of shipped) {
    const folder = join(here, "node_modules", name);
    const kept = name.replace("@", "").replace("/", "-") + ".txt";
    const places = [join(folder, "LICENSE"), join(folder, "LICENSE.txt"), join(here, "notices", kept)];
    const found = places.find((each) => existsSync(each));
    if (!found) throw new Error(`${name} comes without a licence file; write it to frontend/notices/${kept}`);
    cpSync(found, join(out, "licences", kept));
  }
}
