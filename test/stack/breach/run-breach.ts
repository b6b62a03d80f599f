import { join } from 'node:path';
import { sharedData } from '@nanometer/testing';
import type { Checks } from '../checks.ts';
import { nanometerMain } from '../desk.ts';
import { freeTcpPorts } from '../ports.ts';
import type { Programs } from '../programs/programs.ts';
import { RunningProcess } from '../process.ts';
import { choosePorts, listenForNotifications, type Ports, stageServices, startProgram } from '../servers.ts';
import { readCompose } from '../staging.ts';
import { answers, waitFor } from '../wait-for.ts';
import { DeskPage, hasBrowser, PICTURES } from './desk-page.ts';

/** Market seconds: value at risk and the A/B test need two minutes before they can be shown. */
const BREACH_AT = 140;
const RULE = 'ExposureLimit';
const LIMIT = 'gross_exposure/strategy/manual';
const READER = 'Mei';
/** The market runs ten times as fast as the clock, where the machine keeps up. */
const FIRING_LIMIT_MS = 180_000;
const ENDED_LIMIT_MS = 180_000;

type OnStart = (stoppable: { stop(): Promise<void> }) => void;

interface Delivered {
  readonly alerts?: readonly {
    readonly status: string;
    readonly labels: Readonly<Record<string, string>>;
  }[];
}

/**
 * A desk breaks a limit in mid-market. Its rules are evaluated in the bridge; the alert must reach a real Alertmanager, who
 * tells his own receiver, and a webhook, and be seen and acknowledged on the page.
 */
export async function runBreach(programs: Programs, folder: string, checks: Checks, onStart: OnStart): Promise<void> {
  const home = join(folder, 'breach');
  const ports = await choosePorts();
  const [hook = 0] = await freeTcpPorts(1);
  const told: string[] = [];
  const posted: string[] = [];
  onStart(await listenForNotifications(ports.webhook, told));
  onStart(await listenForNotifications(hook, posted));
  const staged = stageServices(readCompose(), ports, home);
  startProgram(programs, staged, 'alertmanager', onStart);
  const alertmanager = `http://127.0.0.1:${ports.alertmanager}`;
  await waitFor('Alertmanager is ready', () => answers(`${alertmanager}/-/ready`));

  const desk = startBreachingDesk(ports, hook, home);
  onStart(desk);
  const page = `http://127.0.0.1:${ports.page}/`;
  await waitFor('the live page is there', async () => desk.ended !== undefined || (await answers(page)));
  desk.assertRunning();
  const browser = hasBrowser ? await DeskPage.open(page) : undefined;
  if (browser !== undefined) onStart(browser);

  await checks.run('the planted breach reaches the webhook as an alert that fires', async () => {
    await waitFor('it is told', () => has(posted, 'firing'), FIRING_LIMIT_MS);
  });
  await checks.run('a real Alertmanager holds the alert, and has told its receiver', async () => {
    await waitFor('it holds the alert', async () => (await heldBy(alertmanager)).includes(LIMIT));
    await waitFor('its receiver is told', () => has(told, 'firing'));
  });
  if (browser === undefined) await checks.run('skipped: the page, as there is no Chromium', () => 'set CHROMIUM_PATH');
  else await onPage(browser, page, checks);
  await checks.run('the end of the breach is told as well', async () => {
    await waitFor('the webhook is told', () => has(posted, 'resolved'), ENDED_LIMIT_MS);
    await waitFor('Alertmanager holds it no more', async () => !(await heldBy(alertmanager)).includes(LIMIT));
  });
  await checks.run('the desk stops when asked to, with every output equal to its ledger', async () => {
    desk.signal('SIGINT');
    const ending = await desk.end(ENDED_LIMIT_MS);
    if (ending !== 'exit code 0') throw new Error(`${ending}\n${desk.tail}`);
  });
}

async function onPage(browser: DeskPage, url: string, checks: Checks): Promise<void> {
  await checks.run('the page shows the alert, which is acknowledged there, and the bridge knows by whom', async () => {
    const text = await browser.alert(RULE, 'firing', FIRING_LIMIT_MS);
    if (!text.includes(LIMIT)) throw new Error(`the rail says ${text}`);
    const mark = await browser.acknowledge(READER);
    await browser.picture('breach-acknowledged');
    const answer = await fetch(new URL('api/v1/alerts', url));
    const { alerts } = (await answer.json()) as { alerts: { acknowledgement?: { by: string } }[] };
    if (!alerts.some(({ acknowledgement }) => acknowledgement?.by === READER)) throw new Error(JSON.stringify(alerts));
    return mark;
  });
  await checks.run('every panel has something to show', () => browser.wholePicture('breach-whole'));
  await checks.run('on a phone nothing sticks out sideways', async () => {
    const width = await browser.phonePictures('breach-phone');
    if (width > 390) throw new Error(`the page is ${width} wide`);
    return `pictures in ${PICTURES}`;
  });
  await checks.run('the page asked nobody outside and reported no error', () => {
    if (browser.trouble.length > 0) throw new Error(browser.trouble.join('\n'));
  });
  // It draws all the time, which the desk and the bridge need for themselves where there are two cores.
  await browser.stop();
}

function startBreachingDesk(ports: Ports, hook: number, folder: string): RunningProcess {
  const market = sharedData('market');
  return new RunningProcess({
    name: 'desk',
    command: process.execPath,
    args: [
      nanometerMain(),
      'demo',
      ...(market === undefined ? ['--seed', '1'] : ['--replay', market]),
      '--speed=10',
      `--plant-breach=${BREACH_AT}`,
      `--alertmanager=http://127.0.0.1:${ports.alertmanager}/`,
      `--webhook=http://127.0.0.1:${hook}/`,
      `--port=${ports.page}`,
      `--metrics-port=${ports.deskMetrics}`,
      `--otlp-grpc-port=${ports.bridgeGrpc}`,
      `--otlp-http-port=${ports.bridgeHttp}`,
    ],
    cwd: folder,
  });
}

/** Whether a receiver was told of the planted breach with a status. Both kinds of message have these fields. */
function has(bodies: readonly string[], status: string): boolean {
  return bodies.some((body) =>
    (JSON.parse(body) as Delivered).alerts?.some(
      (alert) => alert.status === status && Object.values(alert.labels).includes(LIMIT),
    ),
  );
}

/** Names of the limits that Alertmanager holds an alert for. */
async function heldBy(alertmanager: string): Promise<readonly string[]> {
  const response = await fetch(`${alertmanager}/api/v2/alerts?active=true`);
  const alerts = (await response.json()) as { labels: Record<string, string> }[];
  return alerts.flatMap(({ labels }) => (labels['alertname'] === RULE ? Object.values(labels) : []));
}
