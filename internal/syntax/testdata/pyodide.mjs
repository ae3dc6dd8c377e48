// Runs CPython 3.14 under Node: the oracle of oracle_test.go, for where no python3.14 is installed.
// Usage: node pyodide.mjs FOLDER-OF-THE-NPM-PACKAGE MODE < program-input
// MODE is "stdlib" (all files of its own standard library), "cases" (a JSON list of texts on standard input) or "characters"
// (for each character, whether it may begin a name, may stand in one, is printed as it is; lengths of runs).
import { pathToFileURL } from "node:url";
import { writeSync } from "node:fs";
const [folder, mode] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(folder + "/pyodide.mjs"));
const given = [];
if (mode === "cases") for await (const part of process.stdin) given.push(part);
const py = await loadPyodide();
py.globals.set("mode", mode);
py.globals.set("given", Buffer.concat(given).toString("utf8"));
py.globals.set("put", (s) => {
  const b = Buffer.from(s + "\n");
  for (let i = 0; i < b.length; ) {
    try { i += writeSync(1, b, i); } catch (e) { if (e.code !== "EAGAIN") throw e; }
  }
});
py.runPython(`
import ast, json, sys, warnings, zipfile
warnings.simplefilter("ignore")
def texts():
    if mode == "cases":
        for t in json.loads(given):
            yield t, t.encode("utf-8", "surrogatepass")
        return
    z = zipfile.ZipFile([p for p in sys.path if p.endswith(".zip")][0])
    for n in sorted(z.namelist()):
        if n.endswith(".py"):
            yield n, z.read(n)
def runs(f):
    out, last = [0], False
    for c in range(0x80, 0x110000):
        if f(chr(c)) != last:
            last = not last
            out.append(0)
        out[-1] += 1
    return out
if mode == "characters":
    put(json.dumps({"error": json.dumps([runs(str.isidentifier), runs(lambda c: ("a" + c).isidentifier()), runs(str.isprintable)])}))
for name, data in texts() if mode != "characters" else ():
    try:
        tree = ast.parse(data)
        out = {"path": name, "ok": True, "dump": ast.dump(tree, include_attributes=True)}
    except (SyntaxError, ValueError, RecursionError, MemoryError) as e:
        out = {"path": name, "ok": False, "error": str(e), "line": getattr(e, "lineno", 0) or 0}
    if mode != "cases" and out["ok"]:
        out["text"] = data.decode("utf-8", "replace")
    put(json.dumps(out))
`);
