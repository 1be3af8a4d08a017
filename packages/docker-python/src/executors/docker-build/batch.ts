import { batchOf } from '../batch';
import dockerBuild from './executor';

/** Several builds on one builder make what they share once. BuildKit runs the steps of all builds together; more than this only makes clients wait. */
export default batchOf(dockerBuild, 8);
