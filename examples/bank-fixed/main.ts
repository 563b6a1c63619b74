// The same bank with an audit that keeps to the order of the transfers.
import { program } from '../bank/program.ts';
import { audit } from './audit.ts';

void program(audit);
