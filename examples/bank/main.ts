// A small bank with a deadlock that its own run does not show: see audit.ts.
import { audit } from './audit.ts';
import { program } from './program.ts';

void program(audit);
