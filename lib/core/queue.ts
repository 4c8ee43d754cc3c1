/** How often a message is tried before it goes to the dead letters. */
export const MAX_RECEIVES = 5

/** The attribute of a message that was sent again, with the id of the dead letter that it was. */
export const LETTER = 'dead-letter'
