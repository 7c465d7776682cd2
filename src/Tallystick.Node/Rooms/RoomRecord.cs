using System.Text.Json.Serialization;

namespace Tallystick.Node.Rooms;

/// <summary>What is kept of a room beside its two books. Of a role's secret only its hash.</summary>
/// <param name="Created">When it was made, UTC.</param>
/// <param name="Asset">What it counts, as code/scale.</param>
/// <param name="HolderOfA">SHA-256 in hexadecimal of the secret of whoever took role A; null while it is free.</param>
/// <param name="HolderOfB">The same for role B.</param>
/// <param name="LeftA">Whether whoever took role A has left.</param>
/// <param name="LeftB">The same for role B.</param>
internal sealed record RoomRecord(
    DateTimeOffset Created, string Asset, string? HolderOfA, string? HolderOfB, bool LeftA, bool LeftB)
{
    /// <summary>A room left by both is closed for good.</summary>
    [JsonIgnore]
    public bool IsClosed => LeftA && LeftB;

    public string? HolderOf(RoomRole role) => role == RoomRole.A ? HolderOfA : HolderOfB;

    public bool HasLeft(RoomRole role) => role == RoomRole.A ? LeftA : LeftB;

    public RoomRecord WithHolder(RoomRole role, string hash) =>
        role == RoomRole.A ? this with { HolderOfA = hash } : this with { HolderOfB = hash };

    public RoomRecord WithLeft(RoomRole role) =>
        role == RoomRole.A ? this with { LeftA = true } : this with { LeftB = true };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(RoomRecord))]
internal sealed partial class RoomJson : JsonSerializerContext;
