import { describeArrivalContract } from './arrival-contract.ts';
import { describeDeskContract } from './desk-contract.ts';
import { describeDigestContract } from './digest-contract.ts';
import { memoryPorts } from './memory-ports.ts';
import { describePullContract } from './pull-contract.ts';

describeDeskContract('memory desk', async () => memoryPorts());
describeDigestContract('memory desk', async () => memoryPorts());
describePullContract('memory desk', async () => memoryPorts());
describeArrivalContract('memory desk', async () => memoryPorts());
