using System.Globalization;

namespace Tallystick.Bench.Http;

/// <summary>How many ask for how much at once.</summary>
/// <param name="Connections">How many are open.</param>
/// <param name="Batch">Payments in one call.</param>
/// <param name="CallsOnEach">Calls open on each connection by HTTP/2, or null for HTTP/1.1, which has one.</param>
internal readonly record struct CallWay(int Connections, int Batch = 1, int? CallsOnEach = null)
{
    /// <summary>What a row is called, after the protocol and the way to the node.</summary>
    public string Name => Batch == 1
        ? string.Create(CultureInfo.InvariantCulture, $"{Connections}{Each} connections*")
        : string.Create(CultureInfo.InvariantCulture, $"{Connections} x {Batch:N0} in a call*");

    private string Each => CallsOnEach is { } calls ? $" x {calls}" : string.Empty;

    /// <summary>As words on a command line.</summary>
    public string[] Words => [$"{Connections}", $"{Batch}", $"{CallsOnEach ?? 0}"];

    /// <summary>What <see cref="Words"/> were made of.</summary>
    public static CallWay Parse(string connections, string batch, string callsOnEach) => new(
        int.Parse(connections), int.Parse(batch), int.Parse(callsOnEach) is > 0 and var calls ? calls : null);
}
