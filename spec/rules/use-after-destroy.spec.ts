import { useAfterDestroy } from '../../lib/rules/use-after-destroy.ts';
import { describeLifetimeRule } from './lifetime.ts';

describeLifetimeRule(useAfterDestroy, {
  rule: 'use-after-destroy',
  act: 'acquire',
  lifetime: 'destroyed',
  message: 'p takes a, which was destroyed.',
  quiet: [{ act: 'init' }],
});
