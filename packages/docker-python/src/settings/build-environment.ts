/** Settings that say what build steps get beside the sources: variables, secrets, SSH, mirrors. */
export const buildEnvironmentShape = {} as const;
