import { openScraped } from './harness/scraped.js';
const { recordAll, render } = await openScraped(process.argv[2] ?? 'nanometer, text');
for (let i = 0; i < 60; i++) { recordAll(); await render(); }
const cpu=[],wall=[];
for (let i = 0; i < 150; i++) { recordAll(); const b=process.cpuUsage(); const t=performance.now(); await render(); wall.push(performance.now()-t); const c=process.cpuUsage(b); cpu.push((c.user+c.system)/1000); }
const s=a=>{a.sort((x,y)=>x-y);return [a[0],a[a.length>>1],a.reduce((x,y)=>x+y)/a.length].map(v=>v.toFixed(2)).join(' ')};
console.log('cpu', s(cpu), 'wall', s(wall));
