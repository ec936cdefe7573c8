// Loaded into every test process before anything else. tap follows each module through a loader's hooks, for coverage
// alone, which is off: they cost each file of tests two seconds of its start.
import module from 'node:module';

module.register = () => undefined;
