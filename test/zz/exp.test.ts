import { openModel } from '../../src/app/model-file';
import { datasetOf } from '../../src/app/load-samples';
import { OrtRunner } from '../../src/app/runners/ort-client';
import { Lab } from '../../src/app/compress/lab';
import { Deadline } from '../../src/app/compress/deadline';
import { quietTask } from '../../src/base/progress';
import { layerTargets } from '../../src/app/compress/prune/layer-targets';
import { refitModel } from '../../src/app/compress/prune/refit-model';
import { sitesOf } from '../../src/engine/compress/prune/units';
import { rankUnits } from '../../src/engine/compress/prune/importance';
import { narrow } from '../../src/engine/compress/prune/narrow';
import { keptEntries } from '../../src/engine/compress/prune/leave-out';
import { cosine } from '../../src/app/accuracy';
describe('exp', function(){ this.timeout(1e9); it('x', async()=>{
  const open=await openModel('/work/shared/models/mlperf_tiny_resnet8_float.onnx', quietTask);
  const ds=await datasetOf(open, process.env.DATA!, {});
  const runner=new OrtRunner(quietTask.signal);
  const lab=new Lab(open.canonical, runner, quietTask, '', new Deadline(1e9));
  const outs=async(m:any)=>{const r:Float64Array[]=[]; await lab.forEachSample(m,[m.graph.outputs[0]],ds.test,'',(v)=>void r.push(Float64Array.from(v[0] as any))); return r;};
  const ref=await outs(open.canonical);
  const show=async(name:string,m:any)=>{const o=await outs(m); const c=o.map((x,i)=>cosine(x,ref[i])); console.log(name, (c.reduce((a,b)=>a+b)/c.length).toFixed(4), 'KL', (await lab.judge(m, ds.test)).divergence.toFixed(4));};
  const widths:Record<string,number>=JSON.parse(process.env.W!);
  const t0=await layerTargets(lab, open.canonical, ds.calibration, {numbers:3e6,rows:6000});
  const stats=new Map([...t0].flatMap(([id,{statistics}])=>statistics?[[id,statistics] as const]:[]));
  for (const imp of ['reconstruction','activation'] as const) {
  const units=sitesOf(open.canonical).flatMap(s=>{const u=rankUnits(open.canonical,s,imp,stats); return u.slice(0,u.length-(widths[s.name]??u.length));});
  const small=narrow(open.canonical, units, stats); const kept=keptEntries(open.canonical, units);
  await show(imp+' narrow only', small);
  for (const n of imp==='reconstruction'?[3e6,8e6,2.4e7]:[3e6]) { const t=await layerTargets(lab, open.canonical, ds.calibration, {numbers:n,rows:n/250}); const st=Date.now(); const m=await refitModel(lab, small, open.canonical, kept, t, ds.calibration); await show(imp+' refit '+n+' '+(Date.now()-st)+'ms', m); }
  }
  runner.close();
});});
