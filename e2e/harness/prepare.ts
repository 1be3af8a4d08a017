import { NX_VERSIONS } from '../../tools/workspace/nx-versions';
import { prepareModules } from '../../tools/workspace/packed-plugin';

/** Before the first file: what all of them install, since they run side by side. */
export default (): Promise<void> => prepareModules(NX_VERSIONS);
