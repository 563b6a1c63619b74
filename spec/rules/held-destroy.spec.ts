import { heldDestroy } from '../../lib/rules/held-destroy.ts';
import { describeLifetimeRule } from './lifetime.ts';

describeLifetimeRule(heldDestroy, {
  rule: 'held-destroy',
  act: 'destroy',
  isHeld: true,
  message: 'p destroys a, which q holds.',
  quiet: [{ act: 'init' }, { act: 'acquire' }, { act: 'release' }, { holder: undefined }],
});
