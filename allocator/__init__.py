"""The domain: cases, reviewers, rules, plans, and everything that explains them."""
