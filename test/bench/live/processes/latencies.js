/**
 * Answers `forget` and `latencies` of the parent process, and ends with it.
 *
 * @returns what notes a frame that has come, by when it was sent: Unix milliseconds of the machine's one clock.
 */
export function answerWithLatencies() {
  let latenciesMs = [];
  const answers = {
    forget: () => (latenciesMs = []),
    latencies: () => latenciesMs,
  };
  process.on('message', (question) => process.send(answers[question]()));
  process.once('disconnect', () => process.exit(0));
  return (sentAtMs) => void latenciesMs.push(performance.timeOrigin + performance.now() - sentAtMs);
}
