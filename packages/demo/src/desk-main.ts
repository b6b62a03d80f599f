import { connectToParent, failureOf } from './child-process.ts';
import { startDesk } from './desk/start-desk.ts';
import type { DeskReport, DeskStart } from './options.ts';

const parent = connectToParent<DeskStart, DeskReport>();
const { options } = await parent.start;
try {
  const desk = await startDesk(options, {
    onStatus: (status) => parent.send(status),
    onNotice: (text) => parent.send({ type: 'notice', text }),
  });
  parent.onStop(() => desk.stop());
  const { metrics, otlp, mode, marketName } = desk;
  parent.send({ type: 'ready', addresses: { metrics, otlp }, mode, name: marketName });
  const totals = await desk.finished;
  parent.send({ type: 'finished', totals });
  parent.exit(0);
} catch (error) {
  parent.send(failureOf(error));
  parent.exit(1);
}
