/**
 * A registry that was asked without Docker's client and gave no plain answer. No error for a user: the client is asked
 * then, which knows more ways to a registry, and says itself what is wrong.
 */
export class NotAnswered extends Error {}
