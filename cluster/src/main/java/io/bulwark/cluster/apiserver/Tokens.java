package io.bulwark.cluster.apiserver;

import io.bulwark.cluster.apiserver.review.TokenReviews;
import io.bulwark.cluster.apiserver.token.OpenIdDocuments;
import io.bulwark.cluster.apiserver.token.TokenRequests;

/**
 * What the API offers about service account tokens.
 *
 * @param reviews says whom a token stands for
 * @param requests issues tokens
 * @param documents by which others verify tokens
 */
public record Tokens(TokenReviews reviews, TokenRequests requests, OpenIdDocuments documents) {}
