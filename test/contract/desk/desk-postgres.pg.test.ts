import { describeDeskContract } from './desk-contract.ts';
import { postgresPorts } from './postgres-ports.ts';

describeDeskContract('PostgreSQL desk', postgresPorts);
