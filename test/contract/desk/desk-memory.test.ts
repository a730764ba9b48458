import { describeDeskContract } from './desk-contract.ts';
import { memoryPorts } from './memory-ports.ts';

describeDeskContract('memory desk', async () => memoryPorts());
