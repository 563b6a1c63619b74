import { uninitialised } from '../../lib/rules/uninitialised.ts';
import { describeLifetimeRule } from './lifetime.ts';

describeLifetimeRule(uninitialised, {
  rule: 'uninitialised',
  act: 'acquire',
  lifetime: 'uninitialised',
  message: 'p takes a, which was never initialised.',
  quiet: [{ act: 'init' }],
});
