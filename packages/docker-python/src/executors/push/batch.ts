import { batchOf } from '../batch';
import push from './executor';

/** A registry answers many questions at a time; an upload has the network for itself soon enough. */
export default batchOf(push, 8);
