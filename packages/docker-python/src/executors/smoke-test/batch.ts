import { batchOf } from '../batch';
import smokeTest from './executor';

/** More containers that start at a time would make each other late. */
export default batchOf(smokeTest, 4);
