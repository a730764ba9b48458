import { describeDeskContract } from './desk-contract.ts';
import { describeDigestContract } from './digest-contract.ts';
import { postgresPorts } from './postgres-ports.ts';
import { describePullContract } from './pull-contract.ts';

describeDeskContract('PostgreSQL desk', postgresPorts);
describeDigestContract('PostgreSQL desk', postgresPorts);
describePullContract('PostgreSQL desk', postgresPorts);
