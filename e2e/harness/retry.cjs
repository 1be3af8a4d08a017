/**
 * End-to-end tests measure a real engine on whatever machine they get. A test that fails is run once more, and
 * the first failure is printed: what fails twice is broken.
 */
jest.retryTimes(1, { logErrorsBeforeRetry: true });
