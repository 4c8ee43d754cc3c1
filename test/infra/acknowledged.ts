/** What cdk-nag finds and we mean: `at` is the path of the construct. Each row must still be found. */
export const ACKNOWLEDGED: { rule: RegExp; at: RegExp; why: string }[] = [
  {
    rule: /^APIG4$/,
    at: /-api\/Api\/(Http\/(GET--v1--(health|openapi\.json)|POST--v1--azure--(webhook|landing))|Unrouted)\/Resource$/,
    why: "Asked before anybody has a token: health, the API's description, and what has no route. Microsoft's webhook and buyers bring tokens of their own, which the functions check.",
  },
  {
    rule: /^IAM5\[Resource::\*\]$/,
    at: /-processing\/(consumers-(submit-aws-offer|aws-marketplace)|jobs-(follow|reconcile)-.*aws.*)\/Role\/Resource$/,
    why: 'The actions of AWS Marketplace know no resources that a policy could name.',
  },
  {
    rule: /^IAM5\[Resource::.*bucket.*\/(20|[a-z]+\/)\*\]$/,
    at: /-(api|processing)\/[a-z-]+\/Role\/Resource$/,
    why: 'Objects under one prefix of one bucket: their keys are made while the service runs. Exports lie under their years, which begin with 20.',
  },
  {
    rule: /^SQS3$/,
    at: /\/queue-(.*-failed|(hub-)?undelivered|unstarted)\/Resource$/,
    why: 'These are dead letters themselves, of streams, rules and schedules; an alarm rings when something lies in them.',
  },
]
