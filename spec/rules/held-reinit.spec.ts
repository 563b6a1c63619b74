import { heldReinit } from '../../lib/rules/held-reinit.ts';
import { describeLifetimeRule } from './lifetime.ts';

describeLifetimeRule(heldReinit, {
  rule: 'held-reinit',
  act: 'init',
  isHeld: true,
  message: 'p initialises a, which q holds.',
  quiet: [{ act: 'destroy' }, { act: 'acquire' }, { act: 'release' }, { holder: undefined }],
});
