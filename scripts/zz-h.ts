import { globSync } from "tinyglobby";
import { judge, mutantsOfFile, tally, isInvalid } from "./mutation/survey.js";
import { check } from "../src/check/check.js"; import { NodeHost } from "../src/host/node-host.js";
const h=new NodeHost(); const all:any[]=[]; let n=0;
for (const p of [...globSync("/tmp/held/*.resnet",{absolute:true}),...globSync("test/{lint,compare,lsp,diagram}/**/*.resnet")].sort()) { if (check(p,h).diagnostics.some(d=>d.severity==="error")) continue; n++; for (const m of mutantsOfFile({path:p,specs:[p]})) all.push(judge({path:p,specs:[p]},m)); }
console.log(n,"files"); for (const r of tally(all)) console.log(r.kind.padEnd(24),r.mutants,r.invalid,r.line,r.merge,(100*(r.line+r.merge)/r.invalid).toFixed(2), (100*r.few/r.invalid).toFixed(2));
for (const e of all.filter(e=>isInvalid(e)&&e.verdict==="elsewhere").slice(0,400)) console.log(e.source.path+":"+[...e.mutant.lines]+" "+e.mutant.change+"  =>  "+e.errors[0].code+" "+e.errors[0].span?.file.position(e.errors[0].span.start).line+" "+e.errors[0].message);
