/** How Cosell comes to do something: a request, an event of a marketplace or its own, a marketplace's webhook, or its own schedule. */
export const CAUSES = ['api', 'event', 'webhook', 'schedule'] as const
