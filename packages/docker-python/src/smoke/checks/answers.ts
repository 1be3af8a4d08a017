import { readListeners, SOCKET_TABLES } from '../listeners';
import type { Expectation } from '../types';
import { explained, judge } from '../verdict';
import { getInside } from '../inside';
import { get, type Answer } from '../probe';
import { unlessInterrupted } from '../unless-interrupted';
import { broken, secondsSince, type Check, type Outcome, type Subject } from './types';

type Server = Extract<Expectation, { kind: 'server' }>;

/** Often enough that nobody waits for us, seldom enough that a slow start is not made slower. */
const POLL_MS = 50;

/** What is reached at all has answered by then, mostly. Asking inside takes time of the processor from what starts there. */
const INSIDE_EVERY_MS = 5_000;

/** "Not yet", says a server that is still warming up. Source: RFC 9110, 15.6.4. */
const NOT_YET = 503;

/** A server answers on its port, with the status and body that are asked for. */
export const answers: Check = {
  name: 'answers',
  applies: ({ spec }) => spec.expectation.kind === 'server',
  async run(subject) {
    const expected = subject.spec.expectation as Server;
    const began = performance.now();
    const answer = await poll(subject, expected);
    if (!answer) return noAnswer(subject, expected, secondsSince(began));
    const problem = complaint(answer, expected);
    if (problem === undefined)
      return { note: `${expected.path} answers ${answer.status} after ${secondsSince(began)}` };
    return answer.status >= 500
      ? failsPerRequest(subject, problem, answer)
      : broken(problem, ask(expected, answer));
  },
};

/** The settings with which this answer would pass. */
function ask({ path }: Server, { status }: Answer): string {
  return `If that is right, say so: "smokeTest": { "path": ${JSON.stringify(path)}, "status": ${status} } in docker-python.json; or name another "path".`;
}

/** @returns undefined if it never answered, or has ended */
async function poll({ spec, container, pause }: Subject, expected: Server): Promise<Answer | undefined> {
  const deadline = performance.now() + spec.timeoutMs;
  const address = container.addresses[expected.port];
  let last: Answer | undefined;
  let inside = performance.now() + INSIDE_EVERY_MS;
  while (address !== undefined && performance.now() < deadline) {
    let answer = await get(`http://${address}${expected.path}`, Math.max(100, deadline - performance.now()));
    if (!answer && performance.now() > inside) {
      answer = await unlessInterrupted(getInside(container, expected.port, expected.path), pause);
      inside = performance.now() + INSIDE_EVERY_MS;
    }
    last = answer ?? last;
    if (answer && (answer.status !== NOT_YET || expected.status === NOT_YET)) return answer;
    if (!(await container.state()).running) return last;
    await pause(POLL_MS);
  }
  return last;
}

function complaint({ status, body }: Answer, expected: Server): string | undefined {
  if (expected.status === undefined ? status >= 500 : status !== expected.status) {
    const wanted = expected.status === undefined ? '' : ` instead of ${expected.status}`;
    return `It answers with status ${status}${wanted} at path ${expected.path}.`;
  }
  if (expected.body === undefined || body.includes(expected.body)) return undefined;
  return `The answer to ${expected.path} does not contain ${JSON.stringify(expected.body)}; it starts with ${JSON.stringify(body.slice(0, 80))}.`;
}

/** It serves, and fails for each request: its log may say why. */
async function failsPerRequest(
  { container }: Subject,
  problem: string,
  { status }: Answer,
): Promise<Outcome> {
  const evidence = { logs: await container.logs(), state: await container.state(), expected: problem };
  // One that has ended meanwhile is a matter of its end; one that runs, of the request.
  const judgement = evidence.state.running ? explained(evidence) : judge(evidence);
  if (judgement) return { judgement: { ...judgement, cause: `${problem} ${judgement.cause}` } };
  return broken(problem, `${status === NOT_YET ? LONGER : ''}${WITHOUT_NEEDS}`);
}

const LONGER = 'If it needs longer to start, raise "smokeTest": { "timeout": "60s" }. ';

/** For a server that runs and fails for a request, and does not say why. */
const WITHOUT_NEEDS =
  'If the path needs something that the test does not have, name one that needs nothing: "smokeTest": { "path": "/healthz" } in docker-python.json; or give it the variables ("smokeTest": { "env": ... }) or the services ("smokeTest": { "compose": ... }) that it needs.';

async function noAnswer({ spec, container }: Subject, { port }: Server, waited: string): Promise<Outcome> {
  const state = await container.state();
  const tables = state.running ? (await container.exec(['cat', ...SOCKET_TABLES])).stdout : '';
  return {
    judgement: judge({
      logs: await container.logs(),
      state,
      port,
      listeners: readListeners(tables),
      expected: `It does not answer on port ${port} within ${Math.round(spec.timeoutMs / 1000)} s (waited ${waited})`,
    }),
  };
}
