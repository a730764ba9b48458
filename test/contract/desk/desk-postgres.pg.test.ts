import { describeArrivalContract } from './arrival-contract.ts';
import { describeDeskContract } from './desk-contract.ts';
import { describeDigestContract } from './digest-contract.ts';
import { postgresPorts } from './postgres-ports.ts';
import { describePullContract } from './pull-contract.ts';

const open = postgresPorts();

describeDeskContract('PostgreSQL desk', open);
describeDigestContract('PostgreSQL desk', open);
describePullContract('PostgreSQL desk', open);
describeArrivalContract('PostgreSQL desk', open);
