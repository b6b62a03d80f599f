import { connectToParent, failureOf } from './child-process.ts';
import { startExchange } from './exchange/start-exchange.ts';
import type { ExchangeReport, ExchangeStart } from './options.ts';

const NOTICE_PERIOD_MS = 250;

const parent = connectToParent<ExchangeStart, ExchangeReport>();
const { options } = await parent.start;
try {
  const exchange = await startExchange(options);
  const { port, url, mode, name, exchanges, notices } = exchange;
  parent.onStop(() => exchange.stop());
  parent.send({ type: 'ready', port, url, mode, name, exchanges });
  let told = 0;
  const tell = (): void => {
    while (told < notices.length) parent.send({ type: 'notice', text: notices[told++] ?? '' });
  };
  const telling = setInterval(tell, NOTICE_PERIOD_MS);
  tell();
  try {
    const totals = await exchange.finished;
    tell();
    parent.send({ type: 'finished', totals });
  } finally {
    clearInterval(telling);
    await exchange.close();
  }
  parent.exit(0);
} catch (error) {
  parent.send(failureOf(error));
  parent.exit(1);
}
