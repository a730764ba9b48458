import { describeDeskContract } from './desk-contract.ts';
import { describeDigestContract } from './digest-contract.ts';
import { postgresPorts } from './postgres-ports.ts';

describeDeskContract('PostgreSQL desk', postgresPorts);
describeDigestContract('PostgreSQL desk', postgresPorts);
