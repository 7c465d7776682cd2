namespace Tallystick.Node.Rooms;

/// <summary>The two parties of a room.</summary>
internal enum RoomRole
{
    /// <summary>The one who submits an amount.</summary>
    A,

    /// <summary>The one who answers.</summary>
    B,
}
