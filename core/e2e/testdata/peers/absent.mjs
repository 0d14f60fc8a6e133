// Parts of Node that the peers load and, for what is measured, never call.
export class Transform {}
export const RSA_PKCS1_PADDING = 1, RSA_PKCS1_PSS_PADDING = 6;
export default { Transform, RSA_PKCS1_PADDING, RSA_PKCS1_PSS_PADDING };
