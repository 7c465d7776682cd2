using Tallystick.Client;

namespace Tallystick.Node.Api;

/// <summary>What a request gets: a value of the contract, or the problem that stood in the way.</summary>
internal readonly record struct Answer<T>(T? Value, Problem? Problem)
    where T : class
{
    public static implicit operator Answer<T>(T value) => new(value, null);

    public static implicit operator Answer<T>(Problem problem) => new(null, problem);
}

/// <summary>The answer of a request that only does something.</summary>
internal sealed class Nothing
{
    public static readonly Nothing Value = new();
}
