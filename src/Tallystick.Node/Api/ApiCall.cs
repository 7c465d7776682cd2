using Microsoft.AspNetCore.Builder;

namespace Tallystick.Node.Api;

/// <summary>What a route of the API does, for the document that describes it.</summary>
/// <param name="Summary">A few words.</param>
/// <param name="Takes">The record of the contract that its body is, or null.</param>
/// <param name="Gives">The record of the contract that its answer is, or null for 204 or what is no JSON.</param>
/// <param name="Query">The names of what may follow the question mark.</param>
internal sealed record ApiCall(string Summary, Type? Takes, Type? Gives, IReadOnlyList<string> Query);

/// <summary>Says beside a route what it does.</summary>
internal static class ApiCallExtensions
{
    public static void Does(
        this IEndpointConventionBuilder route, string summary, Type? takes, Type? gives, params string[] query) =>
        route.WithMetadata(new ApiCall(summary, takes, gives, query));
}
