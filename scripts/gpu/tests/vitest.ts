/**
 * What tests import as `vitest`, where vitest itself, with its bundler, does not go along: its runner and its
 * `expect`.
 */
import {
  chai,
  getState,
  GLOBAL_EXPECT,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
  type ExpectStatic,
} from "@vitest/expect";

export {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  it,
  onTestFinished,
  test,
} from "@vitest/runner";

for (const plugin of [JestExtend, JestChaiExpect, JestAsymmetricMatchers]) chai.use(plugin);
export const expect = chai.expect as unknown as ExpectStatic;
Object.assign(globalThis, { [GLOBAL_EXPECT]: expect });
setState({ ...getState(expect), assertionCalls: 0 }, expect);
