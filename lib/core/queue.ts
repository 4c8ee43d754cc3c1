/** How often a message is tried before it goes to the dead letters. */
export const MAX_RECEIVES = 5
